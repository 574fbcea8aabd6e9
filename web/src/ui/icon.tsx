// The few icons of the pages, drawn on a 16-unit grid with one line weight, coloured by their text.
import type { JSX } from 'preact';

const stroke = (d: string) => <path d={d} fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round" />;

const icons = {
  overview: stroke('M2.5 4h11M2.5 8h11M2.5 12h11M5 4v0'),
  incidents: stroke('M8 2.2c-2.3 0-3.9 1.7-3.9 4.1 0 2.6-.8 3.8-1.6 4.6h11c-.8-.8-1.6-2-1.6-4.6 0-2.4-1.6-4.1-3.9-4.1zM6.6 13.3c.3.5.8.7 1.4.7s1.1-.2 1.4-.7'),
  alerts: stroke('M2.5 3.5h11v8h-6l-3 2.5v-2.5h-2z'),
  channels: stroke('M3 8.5l10-5-3.5 10-2.2-4.2zM7.3 9.3 13 3.5'),
  locations: stroke('M8 14s4.5-4 4.5-7.5a4.5 4.5 0 0 0-9 0C3.5 10 8 14 8 14zM8 8a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3z'),
  maintenance: stroke('M10.2 2.7a3.5 3.5 0 0 0-4 4.8L2.5 11.2l2.3 2.3 3.7-3.7a3.5 3.5 0 0 0 4.8-4l-2 2-2.1-.5-.5-2.1z'),
  settings: stroke('M2.5 4.5h6m3 0h2M2.5 11.5h2m3 0h6M10 6.2a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.4zM6 13.2a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.4z'),
  search: stroke('M7 12a5 5 0 1 0 0-10 5 5 0 0 0 0 10zM10.7 10.7 14 14'),
  plus: stroke('M8 3v10M3 8h10'),
  close: stroke('M4 4l8 8M12 4l-8 8'),
  check: stroke('M3 8.5 6.5 12 13 4.5'),
  more: <path d="M4 8a1.2 1.2 0 1 1-2.4 0A1.2 1.2 0 0 1 4 8zm5.2 0a1.2 1.2 0 1 1-2.4 0 1.2 1.2 0 0 1 2.4 0zm5.2 0A1.2 1.2 0 1 1 12 8a1.2 1.2 0 0 1 2.4 0z" fill="currentColor" />,
  sun: stroke('M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM8 1.5v1M8 13.5v1M1.5 8h1M13.5 8h1M3.4 3.4l.7.7M11.9 11.9l.7.7M3.4 12.6l.7-.7M11.9 4.1l.7-.7'),
  moon: stroke('M13 9.5A5.5 5.5 0 0 1 6.5 3a5.5 5.5 0 1 0 6.5 6.5z'),
  auto: (
    <>
      {stroke('M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12z')}
      <path d="M8 2a6 6 0 0 1 0 12z" fill="currentColor" />
    </>
  ),
  language: stroke('M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM2 8h12M8 2c1.8 1.6 2.6 3.6 2.6 6S9.8 12.4 8 14c-1.8-1.6-2.6-3.6-2.6-6S6.2 3.6 8 2z'),
  user: stroke('M8 8.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2.8 14c.6-2.4 2.6-3.5 5.2-3.5s4.6 1.1 5.2 3.5'),
  pause: stroke('M5.5 3.5v9M10.5 3.5v9'),
  play: stroke('M5 3.2v9.6l7.5-4.8z'),
  run: stroke('M13.5 8a5.5 5.5 0 1 1-1.8-4.1M13.5 2v3h-3'),
  mute: stroke('M2.5 6.2v3.6h2.3L8 12.5v-9L4.8 6.2zM10.5 6.2l3.5 3.6M14 6.2l-3.5 3.6'),
  tag: stroke('M2.5 2.5h5l6 6-5 5-6-6zM5.3 5.3v0'),
  trash: stroke('M3 4.5h10M6.5 4V2.5h3V4M4.5 4.5l.5 9h6l.5-9M6.8 7v4M9.2 7v4'),
  edit: stroke('M3 13l.6-2.8L10.8 3l2.2 2.2-7.2 7.2z'),
  code: stroke('M5.5 4.5 2 8l3.5 3.5M10.5 4.5 14 8l-3.5 3.5'),
  copy: stroke('M6 6h7.5v7.5H6zM10 6V2.5H2.5V10H6'),
  collapse: stroke('M10 3.5 5.5 8l4.5 4.5'),
  expand: stroke('M6 3.5 10.5 8 6 12.5'),
  eye: stroke('M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8zM8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4z'),
  'eye-off': stroke('M2 2l12 12M6.3 3.8A6 6 0 0 1 8 3.5c4 0 6.5 4.5 6.5 4.5a11 11 0 0 1-2 2.5M9.8 12.2A6 6 0 0 1 8 12.5C4 12.5 1.5 8 1.5 8a11 11 0 0 1 2.3-2.8'),
  warning: stroke('M8 2.2 14.5 13.5h-13zM8 6.5v3.2M8 11.7v0'),
  info: stroke('M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 7.5v3.5M8 5v0'),
  sort: stroke('M5 6.5 8 3.5l3 3M5 9.5l3 3 3-3'),
  up: stroke('M4 9.5 8 5.5l4 4'),
  down: stroke('M4 6.5l4 4 4-4'),
  import: stroke('M8 2.5v7.5M5 7l3 3 3-3M2.5 12.5v1h11v-1'),
  terminal: stroke('M2 3h12v10H2zM4.5 6l2 2-2 2M8.5 10.5h3'),
  help: stroke('M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM6.2 6.3C6.4 5.2 7.1 4.7 8 4.7c1 0 1.8.6 1.8 1.6 0 1.3-1.8 1.4-1.8 2.7M8 11.3v0'),
  external: stroke('M9 2.5h4.5V7M13.5 2.5 7.5 8.5M11 9.5v4H2.5V5h4'),
} satisfies Record<string, JSX.Element>;
export type IconName = keyof typeof icons;

export function Icon({ name, size = 16, title }: { name: IconName; size?: number; title?: string }) {
  return (
    <svg width={size} height={size} viewBox="0 0 16 16" focusable="false" {...(title ? { role: 'img', 'aria-label': title } : { 'aria-hidden': 'true' })}>
      {icons[name]}
    </svg>
  );
}
