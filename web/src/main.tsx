import '@preact/signals';
import { render } from 'preact';
import { App } from './app';
import './ui/css/index.css';

render(<App />, document.getElementById('app')!);
