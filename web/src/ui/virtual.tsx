// A list of which only the visible part is in the document: rows of one height inside the page's scroller. `keep` is a row that stays even when
// it is scrolled away (the focused one, so that focus is not lost).
import type { ComponentChildren } from 'preact';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

const kOverscan = 4;

export function visibleRange(scrollTop: number, viewHeight: number, listTop: number, rowHeight: number, count: number): [number, number] {
  const from = Math.floor((scrollTop - listTop) / rowHeight) - kOverscan;
  const to = Math.ceil((scrollTop + viewHeight - listTop) / rowHeight) + kOverscan;
  const first = Math.min(Math.max(0, from), count);
  return [first, Math.max(first, Math.min(count, to))];
}

interface Props {
  count: number;
  rowHeight: number;
  keep?: number;
  render: (index: number, top: number) => ComponentChildren;
  onRange?: (first: number, last: number) => void;
}

export function VirtualRows({ count, rowHeight, keep = -1, render, onRange }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [[first, last], setRange] = useState<[number, number]>([0, Math.min(count, 30)]);
  const measure = useCallback(() => {
    const scroller = box.current?.closest('.main');
    if (!scroller || !box.current) return;
    const listTop = box.current.getBoundingClientRect().top - scroller.getBoundingClientRect().top + scroller.scrollTop;
    const next = visibleRange(scroller.scrollTop, scroller.clientHeight, listTop, rowHeight, count);
    setRange((now) => (now[0] === next[0] && now[1] === next[1] ? now : next));
  }, [count, rowHeight]);
  useLayoutEffect(measure, [measure]);
  useEffect(() => {
    const scroller = box.current?.closest('.main');
    if (!scroller) return;
    let frame = 0;
    const soon = () => {
      frame ||= requestAnimationFrame(() => {
        frame = 0;
        measure();
      });
    };
    scroller.addEventListener('scroll', soon, { passive: true });
    const observer = new ResizeObserver(soon);
    observer.observe(scroller);
    return () => {
      cancelAnimationFrame(frame);
      scroller.removeEventListener('scroll', soon);
      observer.disconnect();
    };
  }, [measure]);
  useEffect(() => onRange?.(first, last), [first, last, count]);
  const shown: number[] = [];
  for (let i = first; i < Math.min(last, count); i += 1) shown.push(i);
  if (keep >= 0 && keep < count && (keep < first || keep >= last)) shown.push(keep);
  return (
    <div ref={box} role="rowgroup" class="virtual" style={{ height: `${count * rowHeight}px` }}>
      {shown.map((i) => render(i, i * rowHeight))}
    </div>
  );
}

// Scrolls the page's scroller so that a row is in view, below a sticky head of `headHeight`.
export function scrollToRow(list: Element | null, index: number, rowHeight: number, headHeight: number): void {
  const scroller = list?.closest('.main');
  const rows = list?.querySelector('.virtual');
  if (!scroller || !rows) return;
  const top = rows.getBoundingClientRect().top - scroller.getBoundingClientRect().top + scroller.scrollTop + index * rowHeight;
  if (top < scroller.scrollTop + headHeight) scroller.scrollTop = top - headHeight;
  else if (top + rowHeight > scroller.scrollTop + scroller.clientHeight) scroller.scrollTop = top + rowHeight - scroller.clientHeight;
}
