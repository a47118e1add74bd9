// Makes a server leave files that only root may remove: as engines do with their caches.
require('node:fs').mkdirSync('left', { recursive: true, mode: 0o700 });
require('node:fs').writeFileSync('left/file', 'x');
