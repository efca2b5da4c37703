// What the schema of Slack's blocks is made from: Slack's own types, and the one block that they do not have yet.
// Source of the chart: docs.slack.dev/reference/block-kit/blocks/data-visualization-block, read November 2026.
import type { Block, HomeView, KnownBlock, ModalView } from '@slack/types';

interface Point {
  label: string;
  value: number;
}

interface Series {
  name: string;
  data: Point[];
}

interface AxisConfig {
  categories: string[];
  x_label?: string;
  y_label?: string;
}

interface SeriesChart {
  type: 'line' | 'bar' | 'area';
  series: Series[];
  axis_config: AxisConfig;
}

interface PieChart {
  type: 'pie';
  segments: Point[];
}

export interface DataVisualizationBlock extends Block {
  type: 'data_visualization';
  title: string;
  chart: SeriesChart | PieChart;
}

export type MessageBlocks = (KnownBlock | DataVisualizationBlock)[];
export type Modal = ModalView;
export type Home = HomeView;
