using System.Collections.Immutable;
using FlowGrain.Cluster;
using FlowGrain.Training;

namespace FlowGrain.Silo.Api.Live;

/// <summary>The event <c>cluster</c>.</summary>
/// <param name="Silos">Every live silo.</param>
/// <param name="Storage">What is taken of the storage.</param>
internal sealed record LiveCluster(ImmutableArray<SiloDescription> Silos, StorageUse Storage);

/// <summary>The event <c>runs</c>.</summary>
/// <param name="Runs">Every version of every run, newest first.</param>
internal sealed record LiveRuns(ImmutableArray<LiveRun> Runs);

/// <summary>A run.</summary>
/// <param name="Listing">As lists have it.</param>
/// <param name="Progress">Where it is; null of one that is at rest, or has never answered.</param>
/// <param name="IsStale">Whether it does not answer, so that its progress is from before.</param>
internal sealed record LiveRun(RunListing Listing, RunProgress? Progress, bool IsStale = false);

/// <summary>The event <c>serving</c>.</summary>
/// <param name="Models">Every model that was asked since its silo started.</param>
internal sealed record LiveServing(ImmutableArray<ServedModel> Models);

/// <summary>What a model answered in the last ten seconds, on all silos.</summary>
/// <param name="Model">The model, or the function of it, that was asked.</param>
/// <param name="RequestsPerSecond">Requests answered a second.</param>
/// <param name="FailuresPerSecond">Requests that failed a second.</param>
/// <param name="P50Milliseconds">The latency that half of them did not exceed; NaN without any.</param>
/// <param name="P99Milliseconds">The latency that 99 of a hundred did not exceed.</param>
/// <param name="BatchRows">Rows of a batch, in the mean.</param>
/// <param name="RowsPerSecond">Rows computed a second.</param>
/// <param name="Queue">Requests that wait right now.</param>
internal sealed record ServedModel(string Model, double RequestsPerSecond, double FailuresPerSecond, double P50Milliseconds, double P99Milliseconds, double BatchRows, double RowsPerSecond, int Queue);
