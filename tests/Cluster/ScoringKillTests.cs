using System.Runtime.InteropServices;
using FlowGrain.Cli.Output;
using FlowGrain.Client;
using FlowGrain.Cluster;
using FlowGrain.Data;
using FlowGrain.Serving;
using FlowGrain.Tests.Flows;
using FlowGrain.Tests.Grains.Data;
using FlowGrain.Tests.Grains.Serving;

namespace FlowGrain.Tests.Cluster;

/// <summary>A bulk scoring on three silos, one of which is killed in the middle.</summary>
public sealed class ScoringKillTests : ClusterTest
{
    private const int Rows = 2_000_000;
    private const int PartRows = 262_144;
    private static readonly string[] Silos = ["a", "b", "c"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private protected override Task Begin(SiloCluster cluster) => Task.WhenAll(Silos.Select(silo => cluster.Start(silo)));

    [Theory(Timeout = 300_000), InlineData(true), InlineData(false)]
    public async Task The_bytes_are_those_of_one_silo_and_no_part_is_computed_twice(bool reader)
    {
        TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        StoredModels.In(Store).Publish(StoredModels.Some("m", context: 1), []);
        StoredModels.In(Embedded.Home).Publish(StoredModels.Some("m", context: 1), []);
        var data = Table();
        var (calm, output) = (Embedded.Write("calm.csv", []), Embedded.Write("killed.csv", []));
        var alone = new GrainCluster(Embedded.Cluster.Grains, TimeProvider.System);
        var expected = await alone.Score(Plan(data, calm), reading: null, Cancellation);

        var job = Cluster.Grains.GetGrain<IScoringGrain>(JobOn(data));
        await Ask(job.Reading); // places it
        var home = (await Cluster.HomeOf(job))!;
        var others = Silos.Where(silo => silo != home).ToArray();
        using var http = ApiConnection.Open(Cluster.Url(others[0]), key: null);
        var scoring = new HttpCluster(http, new AnswerFiles(), TimeProvider.System).Score(Plan(data, output), reading: null, Cancellation);
        while (await Ask(job.Reading) is not { Rows: > 2 * PartRows }) Assert.False(scoring.IsCompleted, scoring.Exception?.Message ?? "It was done before it could be disturbed.");
        Assert.NotEmpty(await Helpers());
        await Cluster[reader ? home : others[1]].Kill();

        var result = await scoring;
        Assert.Equal((expected.Rows, expected.MeanLogProb, expected.NonFinite), (result.Rows, result.MeanLogProb, result.NonFinite));
        Assert.Equal(await File.ReadAllBytesAsync(calm, Cancellation), await File.ReadAllBytesAsync(output, Cancellation));
        Assert.Equal(0, result.ScoredBefore % PartRows);
        Assert.True(reader ? result.ScoredBefore >= 2 * PartRows : result.ScoredBefore == 0, $"{result.ScoredBefore} rows had been scored before.");
    }

    private static ScoringPlan Plan(string data, string? output) => new("m", 1, data, MissingRows.Refuse, output, Latent: false);

    /// <summary>The job that a silo makes of it: the output lies in the store until it is fetched.</summary>
    private string JobOn(string data) => Plan(data, Path.Combine(Store, "scorings", $"{Plan(data, output: null).Job()}.csv")).Job();

    /// <summary>The silos that compute for another.</summary>
    private async Task<List<string>> Helpers()
    {
        var helpers = new List<string>();
        foreach (var silo in await Ask(() => Cluster.Grains.GetGrain<ISlotsGrain>(0).Silos()))
            if (await Cluster.HomeOf(Cluster.Grains.GetGrain<IScoringWorkerGrain>($"m@1/{silo.Address}")) is { } helper) helpers.Add(helper);
        return helpers;
    }

    private string Table()
    {
        var path = Path.Combine(Path.GetDirectoryName(Embedded.Plan().Data.Path)!, "rows.npy");
        using var file = File.Create(path);
        file.Write(Npy.Head($"{{'descr': '<f8', 'fortran_order': False, 'shape': ({Rows}, 3), }}"));
        file.Write(MemoryMarshal.AsBytes<double>(TestFlows.Rows(StoredModels.Some("m", context: 1).Flow, Rows)));
        return path;
    }

    private static Task<T> Ask<T>(Func<Task<T>> call) => Repeated.Call(call, TimeProvider.System, Cancellation);
}
