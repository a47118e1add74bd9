/** Texts as a stranger may put them into names, images, errors, logs, labels and units. Each would set `pwned` if it were run. */
export const HOSTILE: readonly string[] = [
  '<img src=x onerror="globalThis.pwned=1">',
  '"><script>globalThis.pwned=1</script>',
  "'-(globalThis.pwned=1)-'",
  '</script><script>globalThis.pwned=1</script>',
  'javascript:globalThis.pwned=1',
  '<svg onload=globalThis.pwned=1>',
  '{{constructor.constructor("globalThis.pwned=1")()}}',
  '\u2028globalThis.pwned=1//',
  '<!--<script>',
  '__proto__',
  '\u202Egnp.exe',
  '&lt;b&gt;&amp;',
];
