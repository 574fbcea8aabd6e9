// Moves the focus once what was asked for is drawn, and before any key or click that follows.
import { useCallback, useLayoutEffect, useRef, useState } from 'preact/hooks';

type Find = () => HTMLElement | null | undefined;

// A timer or the next frame would be too late: a key pressed in between goes to the element that had the focus before.
export function useFocusOnceDrawn(): (find: Find) => void {
  const wish = useRef<Find | null>(null);
  const [, drawAgain] = useState(0);
  useLayoutEffect(() => {
    const find = wish.current;
    if (!find) return;
    wish.current = null;
    find()?.focus();
  });
  return useCallback((find: Find) => {
    wish.current = find;
    drawAgain((n) => n + 1);
  }, []);
}
