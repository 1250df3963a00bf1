const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/** A mail's markup as a document of its own that loads nothing from anywhere and runs nothing. */
export function quietDocument(html: string): string {
  // The policy stands before everything of the mail, and what the mail says of policies can only narrow it.
  return `<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}">`
    + `<meta name="referrer" content="no-referrer"><style>body{margin:.5rem;font:15px/1.45 system-ui,sans-serif;overflow-wrap:anywhere}img{max-width:100%}</style>${html}`;
}
