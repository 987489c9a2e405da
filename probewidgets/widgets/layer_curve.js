// @ts-check
// The layer curve alone.

export default widgetOf(layerCurve);
