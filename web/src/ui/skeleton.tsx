// Grey shapes in place of what is on its way, but not for the blink that most answers take.
import { useEffect, useState } from 'preact/hooks';
import { ui } from './words';

const kBlinkMs = 150;

export function Skeleton({ heights }: { heights: readonly number[] }) {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), kBlinkMs);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div class="skeletons" role="status" aria-busy="true" aria-label={ui.t('loading')}>
      {shown && heights.map((height, i) => <div key={i} class="skeleton" style={{ height: `${height}px` }} />)}
    </div>
  );
}
