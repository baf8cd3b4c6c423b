import type { ComponentType } from 'preact';
import { ClientsPage } from '../pages/clients/ClientsPage.js';
import { FaultsPage } from '../pages/faults/FaultsPage.js';
import { TrafficPage } from '../pages/traffic/TrafficPage.js';
import { TrendsPage } from '../pages/trends/TrendsPage.js';

interface Page {
  readonly path: string;
  readonly name: string;
  readonly Page: ComponentType;
}

/** The pages of the whole device. */
export const PAGES: readonly Page[] = [
  { path: 'traffic', name: 'Traffic', Page: TrafficPage },
  { path: 'trends', name: 'Trends', Page: TrendsPage },
  { path: 'clients', name: 'Clients', Page: ClientsPage },
  { path: 'faults', name: 'Faults and simulation', Page: FaultsPage },
];
