import { readFileSync } from 'node:fs';

/** Configs to begin with, and what each of them is. */
export const TEMPLATES = {
  boiler: 'a condensing boiler: Triangle Tube (ACV) Prestige',
  meter: 'an energy meter: Eastron SDM630',
  inverter: 'a solar inverter: SunSpec models 1, 103 and 120',
  drive: 'a frequency converter: Invertek Optidrive E3',
  plc: 'a PLC with a tank: AutomationDirect CLICK',
} as const;

export type Template = keyof typeof TEMPLATES;

export const TEMPLATE_NAMES = Object.keys(TEMPLATES) as Template[];

/** The text of a template: a config that works as it is. */
export function readTemplate(name: Template): string {
  return readFileSync(new URL(`../../templates/${name}.yaml`, import.meta.url), 'utf8');
}
