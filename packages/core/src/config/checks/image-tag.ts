import type { Check } from './check.js';

/** The value that means no container. */
const HOST = 'host';

/** An image without a tag can change from one day to the next. */
export const imageTag: Check = {
  name: 'image-tag',
  run({ entry }) {
    const image = entry.image;
    const name = image.slice(image.lastIndexOf('/') + 1);
    if (image === HOST || name.includes(':') || name.includes('@')) return [];
    return [
      { path: ['image'], message: `image: expected a tag, as in name:1.0, got ${JSON.stringify(image)}` },
    ];
  },
};
