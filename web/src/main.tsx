import '@preact/signals';
import { render } from 'preact';
import { App } from './app';
import './ui/css/tokens.css';
import './ui/css/base.css';
import './ui/css/controls.css';
import './ui/css/state.css';
import './ui/css/shell.css';

render(<App />, document.getElementById('app')!);
