import { render } from 'preact';
import { startLive } from './api/live.js';
import { App } from './app.js';
import { startClock } from './state/clock.js';
import { startRates } from './state/rates.js';
import { startRoot } from './state/root.js';
import { startRoute } from './state/route.js';
import { startTheme } from './state/theme.js';
import './style/tokens.css';
import './style/base.css';
import './style/controls.css';
import './style/parts.css';
import './style/shell.css';
import './style/pages.css';
import './style/unit.css';
import './style/traffic.css';

startTheme();
startRoute();
startRoot();
startRates();
startClock();
startLive();

const home = document.getElementById('console');
if (home !== null) render(<App />, home);
