using FlowGrain.Flows;
using FlowGrain.Flows.Engines;

namespace FlowGrain.Training;

/// <summary>Makes the engine that computes a run's shards on a slot; <see cref="FlowEngines.Create"/> unless a test puts another in its place.</summary>
internal delegate IFlowEngine EngineFactory(FlowSpec spec);
