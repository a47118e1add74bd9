import type { Check } from './check.js';

/** The word that stands for no container. */
const HOST = 'host';

/** An image without a tag is another one tomorrow. */
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
