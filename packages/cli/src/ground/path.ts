/** Keys and indexes that lead to a value of a config. */
export type Path = readonly (string | number)[];
