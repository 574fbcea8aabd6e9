import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon';

type Props = {
  kind?: 'primary' | 'quiet' | 'danger' | 'danger primary' | 'large' | 'primary large';
  icon?: IconName;
  // An icon alone needs a label: it is the accessible name and the tooltip.
  label?: string;
  type?: 'button' | 'submit';
  class?: string;
  disabled?: boolean;
  children?: ComponentChildren;
  onClick?: (event: MouseEvent) => void;
  id?: string;
  'aria-pressed'?: boolean;
  'aria-expanded'?: boolean;
  'aria-controls'?: string;
  'aria-describedby'?: string;
};

export function Button({ kind, icon, label, children, type = 'button', class: more, ...rest }: Props) {
  const alone = children === undefined || children === null;
  return (
    <button type={type} class={`button ${kind ?? ''} ${alone ? 'icon' : ''} ${more ?? ''}`} {...(label ? { 'aria-label': label, title: label } : {})} {...rest}>
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}
