using FlowGrain.Training;

namespace FlowGrain.Api;

/// <summary>What Notify:Url and Notify:Command are given when a run has ended.</summary>
/// <param name="Text">The news as a sentence, under the name that chat services read.</param>
/// <param name="Time">When it ended.</param>
/// <param name="Run">How it ended.</param>
public sealed record RunNotice(string Text, DateTimeOffset Time, RunProgress Run);
