import type { ComponentChildren } from 'preact';

export function Empty({ title, text, heading: Heading = 'h2', children }: { title: string; text?: string; heading?: 'h1' | 'h2'; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <Heading>{title}</Heading>
      {text && <p>{text}</p>}
      {children}
    </div>
  );
}
