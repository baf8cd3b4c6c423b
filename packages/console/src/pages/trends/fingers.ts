type Drag = (before: readonly number[], after: readonly number[]) => void;

/** Tells how fingers move over an element, as shares of its width from its left edge. */
export function followFingers(element: HTMLElement, drag: Drag): void {
  const places = new Map<number, number>();
  const placeOf = ({ clientX }: PointerEvent) => {
    const { left, width } = element.getBoundingClientRect();
    return (clientX - left) / width;
  };
  const lift = ({ pointerId }: PointerEvent) => void places.delete(pointerId);
  element.addEventListener('pointerdown', (event) => {
    if (event.pointerType === 'touch') places.set(event.pointerId, placeOf(event));
  });
  element.addEventListener('pointermove', (event) => {
    if (!places.has(event.pointerId)) return;
    const before = [...places.values()];
    places.set(event.pointerId, placeOf(event));
    drag(before, [...places.values()]);
  });
  element.addEventListener('pointerup', lift);
  element.addEventListener('pointercancel', lift);
}
