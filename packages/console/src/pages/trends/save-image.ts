import { save } from '../../api/download.js';
import { colours } from './colours.js';

/** Saves the plot in an element as an image, on the background that it has. */
export function saveImage(home: HTMLElement | null, name: string): void {
  const plot = home?.querySelector('canvas');
  if (!plot) return;
  const canvas = document.createElement('canvas');
  canvas.width = plot.width;
  canvas.height = plot.height;
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.fillStyle = colours().surface;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(plot, 0, 0);
  canvas.toBlob((blob) => blob && save(blob, name));
}
