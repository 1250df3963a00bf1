// The schemas in config/schemas/ beside the loader: what one refuses the other refuses, as far as a schema can say it.
// What the loader makes of each sample is in the sample (tests/rules/broken, proved by test_rules); here a validator that
// knows nothing of Kindred looks at the same bytes.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import Ajv from 'ajv'
import { parseDocument } from 'yaml'

process.removeAllListeners('warning') // yaml warns of keys that are lists, which is what some samples have

const root = join(dirname(fileURLToPath(import.meta.url)), '../..')
const ajv = new Ajv({ allErrors: true, allowUnionTypes: true, strict: true, allowMatchingProperties: true, strictTypes: false, strictRequired: false })
const schemas = new Map(
  readdirSync(join(root, 'config/schemas')).map(name => {
    const schema = JSON.parse(readFileSync(join(root, 'config/schemas', name), 'utf8'))
    return [name.replace('.json', ''), ajv.compile(schema)]
  }))

// What only the loader can find, by its message: why a schema cannot.
const beyondSchemas = [
  [/there is no (queue|script|calendar|skill|priority|fact "(customer|contact\.attributes|calendar|segment|queue)\.|customer attribute|site language|attribute|route)|there is no fact "stage/, 'names of other places'],
  [/script or article "/, 'names of other places'],
  [/is not one of \(none exist\)|(segment\.|stage|queue\.|ticket\.|^queue: |^priority: ).* is not one of /, 'names of other places'],
  [/already|is given twice/, 'uniqueness'],
  [/^segment\..* is not known yet/, 'order of the dimensions'],
  [/is built in/, 'names that are taken'],
  [/in a circle|overflow into itself/, 'references'],
  [/takes the rest|when: is missing|only the last step|for: is missing/, 'the first or last of a list'],
  [/default_priority: is missing|fallback: is missing/, 'one of several files may have it'],
  [/asks for no ticket/, 'somewhere in a condition'],
  [/RE2 does not take|the pattern has/, 'RE2'],
  [/the first value must not be greater/, 'order of two values'],
  [/must be at (least|most) /, 'bounds of durations'],
  [/is not a language of the site/, 'names of other places'],
  [/there is no time zone|time zone/, 'the tz database'],
  [/begins where it ends/, 'order of two values'],
  [/^customer\.(?!(known|name|language|open_tickets|contacts|last_contact_at|last_agent|tags|satisfaction) )\S+ is .* and has no "/, 'types that profile.yaml gives'],
  [/cannot be added to|^default: must be /, 'types that profile.yaml gives'],
  [/^(above|at_least|below|at_most|between|is|in|not|not_in): .* is not one of (?!mon|email|open)/, 'names of other places'],
  [/anchors|aliases|tags|second document|nested more than|control character|carriage return|NUL|not UTF-8|a key must be|a key is missing|the key has|bytes, the most is|this is not YAML|never closed|is empty/, 'YAML before any schema'],
  [/not part of a ruleset|end in \.yaml|is missing: a ruleset|begin with a head|head that begins/, 'files, not what is in them'],
]

const kinds = ['profile', 'segments', 'stages', 'calendars', 'skills', 'queues', 'routing', 'site', 'surveys', 'macros', 'tests']
function kindOf(path) {
  if (path.endsWith('.md')) return path.startsWith('scripts/') ? 'script' : path.startsWith('faq/') ? 'article' : undefined
  return kinds.find(kind => path === `${kind}.yaml` || path.startsWith(`${kind}/`))
}

function yamlOf(path, text) {
  if (!path.endsWith('.md')) return text
  const head = /^\uFEFF?---[ \r]*\n([^]*?)^---[ \r]*$/m.exec(text)
  return head ? head[1] : undefined
}

// What the editor of such a file would say: undefined when nothing.
function refusal(path, text) {
  const validate = schemas.get(kindOf(path))
  const yaml = yamlOf(path, text)
  if (!validate || yaml === undefined) return 'no such file in a ruleset'
  const document = parseDocument(yaml, { version: '1.2', schema: 'core', uniqueKeys: true, strict: true })
  if (document.errors.length > 0) return document.errors[0].message
  let value
  try {
    value = document.toJS({ maxAliasCount: 0 })
  } catch (error) {
    return error.message
  }
  return validate(value) ? undefined : ajv.errorsText(validate.errors)
}

function readSample(path) {
  const files = new Map()
  let lines = []
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    if (line.startsWith('=== ')) files.set(line.slice(4), (lines = []))
    else lines.push(line)
  }
  const texts = new Map([...files].map(([name, content]) => [name, content.join('\n')]))
  const problems = (texts.get('problems') ?? '').split('\n').filter(line => line !== '')
  texts.delete('problems')
  return { texts, problems }
}

const isYamlAlone = message => beyondSchemas.slice(-2).some(([pattern]) => pattern.test(message)) || /is given twice/.test(message)
const isBeyond = message => beyondSchemas.some(([pattern]) => pattern.test(message))
const filesBelow = folder =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && /\.(yaml|md)$/.test(entry.name))
    .map(entry => relative(folder, join(entry.parentPath ?? entry.path, entry.name)))

const broken = join(root, 'tests/rules/broken')
for (const name of readdirSync(broken).sort()) {
  const { texts, problems } = readSample(join(broken, name))
  for (const [path, text] of texts) {
    if (text.trim() === '' || !kindOf(path)) continue
    // Below the head of a text there is nothing for a schema.
    const head = path.endsWith('.md') ? (yamlOf(path, text) ?? '').split('\n').length : Infinity
    const own = problems.filter(line => {
      const [, place] = /^(.*?):(\d*).*: error: /.exec(line) ?? []
      return place === path && Number(line.slice(path.length + 1).split(':')[0]) <= head + 1
    })
    const messages = own.map(line => line.replace(/^.*?: error: /, ''))
    const expressible = messages.filter(message => !isBeyond(message))
    test(`${name}: ${path}`, () => {
      const refused = refusal(path, text)
      if (expressible.length > 0) assert.ok(refused, `the loader says ${expressible[0]}, the schema nothing`)
      // What is listed as beyond a schema is beyond it: else the list would hide what one could say.
      else if (!messages.some(isYamlAlone)) assert.equal(refused, undefined)
    })
  }
}

for (const folder of ['tests/rules/example', 'rules'])
  test(`all files of ${folder} are accepted`, () => {
    for (const path of filesBelow(join(root, folder)))
      assert.equal(refusal(path, readFileSync(join(root, folder, path), 'utf8')), undefined, path)
  })

test('every accepted sample is accepted', () => {
  const accepted = join(root, 'tests/rules/accepted')
  for (const name of readdirSync(accepted)) {
    const { texts } = readSample(join(accepted, name))
    for (const [path, text] of texts) if (text.trim() !== '') assert.equal(refusal(path, text), undefined, `${name}: ${path}`)
  }
})
