import { computed, signal } from '@preact/signals';
import { type Format, WORDS } from './formats.js';
import { ORDERS, type Order, WIDE_TYPES, wideFormat } from './wide-formats.js';

// Which columns the tables of registers have. The choice holds for all of them, and while other pages are shown.

/** All that can be chosen. */
export const FORMAT_NAMES: readonly string[] = [...WORDS, ...WIDE_TYPES].map(({ name }) => name);

export const shownFormats = signal<readonly string[]>(['Hex', 'Decimal', 'Signed', 'Float32']);

/** Of numbers of several registers. */
export const shownOrders = signal<readonly Order[]>(['ABCD']);

const shownTypes = computed(() => WIDE_TYPES.filter(({ name }) => shownFormats.value.includes(name)));

/** Whether there is anything that has an order. */
export const hasOrders = computed(() => shownTypes.value.length > 0);

export const columns = computed<readonly Format[]>(() => [
  ...WORDS.filter(({ name }) => shownFormats.value.includes(name)),
  ...shownTypes.value.flatMap((type) =>
    ORDERS.filter((order) => shownOrders.value.includes(order)).map((order) => wideFormat(type, order)),
  ),
]);
