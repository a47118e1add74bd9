import { useEffect, useState } from 'preact/hooks';
import { DARK, LIGHT, type Theme } from './looks.js';

/** Colours for what is drawn on a canvas, which style sheets don't reach. Follows the page's theme, and the system's where it has none. */
export function useTheme(): Theme {
  const [theme, setTheme] = useState(currentTheme);
  useEffect(() => {
    const follow = (): void => setTheme(currentTheme());
    const system = matchMedia(DARK_SYSTEM);
    system.addEventListener('change', follow);
    const observer = new MutationObserver(follow);
    observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    follow();
    return () => {
      system.removeEventListener('change', follow);
      observer.disconnect();
    };
  }, []);
  return theme;
}

const DARK_SYSTEM = '(prefers-color-scheme: dark)';

function currentTheme(): Theme {
  const { theme } = document.documentElement.dataset;
  const isDark = theme === 'dark' || (theme !== 'light' && matchMedia(DARK_SYSTEM).matches);
  return isDark ? DARK : LIGHT;
}
