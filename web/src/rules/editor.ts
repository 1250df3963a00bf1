import { autocompletion, completionKeymap, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { bracketMatching, defaultHighlightStyle, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { lintGutter, lintKeymap, setDiagnostics, type Diagnostic } from '@codemirror/lint';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { EditorState, type Text } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import type { RuleProblem } from '@/api/types';
import { offersAt, placeAt, schemaNameOf, type Schema } from './schema_completion';
import { schemaNamed } from './schemas';

export interface RuleEditor {
  /** Takes a text that did not come from here. */
  replace(text: string): void;
  show(problems: readonly RuleProblem[]): void;
  goTo(line: number): void;
  destroy(): void;
}

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--accent)' },
  { tag: [tags.string, tags.content], color: 'var(--text)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--late)' },
  { tag: tags.comment, color: 'var(--quiet)', fontStyle: 'italic' },
  { tag: [tags.punctuation, tags.separator, tags.bracket], color: 'var(--quiet)' },
]);

const look = EditorView.theme({
  '&': { height: '100%', color: 'var(--text)', backgroundColor: 'var(--panel)', fontSize: '13px' },
  '.cm-scroller': { fontFamily: 'ui-monospace, "DejaVu Sans Mono", monospace', lineHeight: '1.5' },
  '.cm-content': { caretColor: 'var(--text)' },
  '&.cm-focused': { outline: '2px solid var(--accent)', outlineOffset: '-2px' },
  '.cm-gutters': { backgroundColor: 'var(--raised)', color: 'var(--quiet)', border: 'none' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--hover)' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': { backgroundColor: 'var(--accent-soft) !important' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '.cm-tooltip': { backgroundColor: 'var(--panel)', color: 'var(--text)', border: '1px solid var(--line)' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--accent-soft)', color: 'var(--text)' },
  '.cm-panels': { backgroundColor: 'var(--raised)', color: 'var(--text)' },
});

/**
 * An editor in a shadow root: there CodeMirror brings its styles as sheets made by script, which our policy allows; in the
 * page it would add a style element, which the policy forbids.
 */
export function makeEditor(place: HTMLElement, given: { path: string; text: string; label: string; fixed: boolean; changed(text: string): void }): RuleEditor {
  const root = place.shadowRoot ?? place.attachShadow({ mode: 'open' });
  root.replaceChildren();
  const box = document.createElement('div');
  box.style.height = '100%';
  root.append(box);
  let schema: Schema | null = null;
  const name = schemaNameOf(given.path);
  if (name) void schemaNamed(name).then((found) => { schema = found; });
  let silent = false;
  const isYaml = /\.ya?ml$/.test(given.path);
  const view = new EditorView({
    parent: box, root,
    state: EditorState.create({
      doc: given.text,
      extensions: [
        lineNumbers(), history(), drawSelection(), indentOnInput(), bracketMatching(), highlightActiveLine(), highlightSelectionMatches(), search({ top: true }), lintGutter(),
        indentUnit.of('  '), EditorState.tabSize.of(2), EditorView.lineWrapping,
        ...(isYaml ? [yaml()] : []), syntaxHighlighting(colours), syntaxHighlighting(defaultHighlightStyle, { fallback: true }),
        autocompletion({ override: [(context) => (schema ? complete(schema, context) : null)] }),
        keymap.of([...completionKeymap, ...lintKeymap, ...searchKeymap, ...historyKeymap, ...defaultKeymap, indentWithTab]),
        EditorView.contentAttributes.of({ 'aria-label': given.label, spellcheck: 'false', ...(given.fixed ? { 'aria-readonly': 'true', tabindex: '0' } : {}) }),
        EditorView.updateListener.of((update) => { if (update.docChanged && !silent) given.changed(update.state.doc.toString()); }),
        ...(given.fixed ? [EditorState.readOnly.of(true)] : []),
        look,
      ],
    }),
  });
  return {
    replace(text) {
      if (view.state.doc.toString() === text) return;
      silent = true;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
      silent = false;
    },
    show(problems) {
      view.dispatch(setDiagnostics(view.state, problems.map((each) => diagnosticOf(view.state.doc, each))));
    },
    goTo(line) {
      const at = view.state.doc.line(Math.min(Math.max(1, line), view.state.doc.lines)).from;
      view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: 'center' }) });
      view.focus();
    },
    destroy: () => view.destroy(),
  };
}

function complete(schema: Schema, context: CompletionContext): CompletionResult | null {
  const place = placeAt(context.state.doc.toString(), context.pos);
  if (!context.explicit && place.typed === '' && place.key === null) return null;
  const from = context.matchBefore(/[\w.$-]*/)?.from ?? context.pos;
  const offers = offersAt(schema, place);
  if (offers.length === 0) return null;
  return {
    from, validFor: /^[\w.$-]*$/,
    options: offers.map((each) => ({ label: each.label, detail: each.detail, type: each.kind === 'key' ? 'property' : 'enum', apply: each.kind === 'key' ? `${each.label}: ` : each.label })),
  };
}

/** Columns count characters from 1; the mark goes to the end of the word. */
function diagnosticOf(doc: Text, problem: RuleProblem): Diagnostic {
  const line = doc.line(Math.min(Math.max(1, problem.line ?? 1), doc.lines));
  const before = [...line.text].slice(0, Math.max(0, (problem.column ?? 1) - 1)).join('').length;
  const from = Math.min(line.from + before, line.to);
  const word = /^[^\s:,\]}]+/.exec(line.text.slice(before))?.[0].length ?? 1;
  return { from, to: Math.min(line.to, from + Math.max(1, word)), severity: problem.severity ?? 'error', message: problem.message ?? '' };
}
