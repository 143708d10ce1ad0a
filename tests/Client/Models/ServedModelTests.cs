using FlowGrain.Client;
using FlowGrain.Serving;
using FlowGrain.Tests.Flows;
using FlowGrain.Tests.Grains.Serving;
using FlowGrain.Tests.Silo.Inference;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FlowGrain.Tests.Client.Models;

/// <summary>Models of a real silo, asked over HTTP and as an Orleans client.</summary>
public sealed class ServedModelTests(ServedModelTests.TwoWays silo) : IClassFixture<ServedModelTests.TwoWays>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task Both_ways_answer_the_same_bit_for_bit(int context)
    {
        StoredModels.In(silo.Root).Publish(StoredModels.Some($"both{context}", context: context), []);
        var (http, orleans) = (silo.Http.Model($"both{context}"), silo.Orleans.Model($"both{context}"));
        Assert.Equal((await http.Describe(Cancellation)).WeightsSha256, (await orleans.Describe(Cancellation)).WeightsSha256);

        double[] given = [.. Enumerable.Range(0, context).Select(column => 0.1 + column / 3.0)];
        var (drawn, same) = (await http.Sample(40_000, seed: 7, given, Cancellation), await orleans.Sample(40_000, seed: 7, given, Cancellation));
        Assert.Equal((40_000, same.Rows), (drawn.Rows, drawn.Rows));
        Assert.Equal(same.Values, drawn.Values);

        double[] rows = [.. drawn.Values.Chunk(2).SelectMany(row => (double[])[.. row, .. given])];
        var (scores, alike) = (await http.Score(rows, latent: true, Cancellation), await orleans.Score(rows, latent: true, Cancellation));
        Assert.Equal(alike.LogDensity, scores.LogDensity);
        Assert.Equal(alike.Latent, scores.Latent);
        Assert.Equal((40_000, 80_000, 1), (scores.LogDensity.Length, scores.Latent!.Length, scores.Version));
        Assert.All(scores.LogDensity, density => Assert.True(float.IsFinite(density)));

        var direct = await silo.Cluster.LogDensity(await http.Describe(Cancellation), rows, Cancellation); // what the command line asks
        Assert.Equal(direct, scores.LogDensity);
    }

    [Fact]
    public async Task Blocks_are_pieces_of_the_same_whole_both_ways()
    {
        var model = silo.Publish("blocks", versions: 1);
        foreach (var client in new[] { silo.Http, silo.Orleans })
        {
            var (drawn, scores) = (new List<double>(), new List<float>());
            await foreach (var block in client.Model(model).SampleBlocks(50_000, seed: 3, cancellation: Cancellation))
            {
                Assert.Equal(drawn.Count / 2, block.First);
                drawn.AddRange(block.Values);
            }

            await foreach (var block in client.Model(model).ScoreBlocks(drawn.ToArray().Chunk(2 * 7001).Select(block => new ReadOnlyMemory<double>(block)).ToAsyncEnumerable(), cancellation: Cancellation)) scores.AddRange(block.LogDensity);
            Assert.Equal((await client.Model(model).Sample(50_000, seed: 3, cancellation: Cancellation)).Values, drawn);
            Assert.Equal((await client.Model(model).Score(drawn.ToArray(), cancellation: Cancellation)).LogDensity, scores);
        }
    }

    [Fact]
    public async Task A_name_is_answered_by_the_version_that_it_means_and_says_which()
    {
        var model = silo.Publish("named", versions: 3);
        await silo.Cluster.PointAlias(new(model, 2), "champion", Cancellation);
        foreach (var client in new[] { silo.Http, silo.Orleans })
        {
            Assert.Equal((2, 2, 3), (await Version(client, model), await Version(client, $"{model}@champion"), await Version(client, $"{model}@3")));
            Assert.Equal(2, (await client.Model(model).Sample(1, seed: 0, cancellation: Cancellation)).Version);
            Assert.Equal(1, (await client.Model($"{model}@1").Sample(1, seed: 0, cancellation: Cancellation)).Version);
        }
    }

    [Fact]
    public async Task After_the_champion_moved_to_other_columns_rows_of_the_old_ones_get_a_sentence_both_ways()
    {
        var model = silo.Publish("turned", versions: 1);
        var spec = TestFlows.Spec("nsf", 2);
        spec = spec with { Columns = [.. spec.Columns.Reverse()] };
        StoredModels.In(silo.Root).Publish(StoredModels.Of(model, 2, spec, TestFlows.Weights(spec)), []);
        await silo.Cluster.PointAlias(new(model, 1), "champion", Cancellation);
        IFlowGrainModel[] clients = [silo.Http.Model(model), silo.Orleans.Model(model)];
        foreach (var client in clients) Assert.Equal(1, (await client.Score(new double[] { 0.5, 0.25 }, cancellation: Cancellation)).Version);
        await silo.Cluster.PointAlias(new(model, 2), "champion", Cancellation);
        foreach (var client in clients)
        {
            var refused = await Assert.ThrowsAsync<BadInputException>(() => client.Score(new double[] { 0.5, 0.25 }, cancellation: Cancellation));
            Assert.Contains("takes x1, x0, where version 1 takes x0, x1", refused.Message, StringComparison.Ordinal);
            Assert.Equal(["x1", "x0"], (await client.Describe(Cancellation)).Columns);
            Assert.Equal(2, (await client.Score(new double[] { 0.25, 0.5 }, cancellation: Cancellation)).Version);
        }
    }

    [Fact]
    public async Task A_model_that_was_unloaded_answers_neither_way_and_says_so_at_once()
    {
        var model = silo.Publish("idle", versions: 1);
        await Serve("unload");
        foreach (var client in new[] { silo.Http, silo.Orleans })
        {
            Assert.Contains("is unloaded", (await Assert.ThrowsAsync<UnavailableException>(() => client.Model(model).Score(new double[2], cancellation: Cancellation))).Message, StringComparison.Ordinal);
            await Assert.ThrowsAsync<UnavailableException>(() => client.Model(model).Sample(1, seed: 0, cancellation: Cancellation));
        }

        await Serve("load");
        foreach (var client in new[] { silo.Http, silo.Orleans }) Assert.Equal(1, await Version(client, model));

        async Task Serve(string what) => (await silo.Raw.PostAsync(new Uri(silo.Url, $"/v2/repository/models/{model}/{what}"), null, Cancellation)).EnsureSuccessStatusCode();
    }

    [Fact]
    public async Task What_cannot_be_answered_is_the_silos_sentence_both_ways()
    {
        var model = silo.Publish("faulty", versions: 1);
        foreach (var client in new[] { silo.Http, silo.Orleans })
        {
            Assert.Contains("'nobody'", (await Assert.ThrowsAsync<NotFoundException>(() => client.Model("nobody").Describe(Cancellation))).Message, StringComparison.Ordinal);
            await Assert.ThrowsAsync<NotFoundException>(() => client.Model($"{model}@9").Score(new double[2], cancellation: Cancellation));
            await Assert.ThrowsAsync<BadInputException>(() => client.Model(model).Score(new double[3], cancellation: Cancellation));
            await Assert.ThrowsAsync<BadInputException>(() => client.Model(model).Sample(1, seed: 0, new double[1], Cancellation));
            await Assert.ThrowsAsync<BadInputException>(() => client.Model(model).Sample(-1, seed: 0, cancellation: Cancellation));
            Assert.Empty((await client.Model(model).Score(default, cancellation: Cancellation)).LogDensity);
            Assert.Equal(0, (await client.Model(model).Sample(0, seed: 0, cancellation: Cancellation)).Rows);
            Assert.True(float.IsNaN((await client.Model(model).Score(new[] { double.NaN, 0 }, cancellation: Cancellation)).LogDensity[0]));
        }
    }

    [Fact]
    public async Task The_example_scores_and_samples_a_model()
    {
        var model = silo.Publish("example", versions: 1);
        using var example = RealProcess.Start(RealProcess.Program("FlowGrain.Client.Example", "FlowGrain.Client.Example.dll"), [$"{silo.Url}", model]);
        var (code, output, errors) = await example.End();
        Assert.True(code == 0, errors);
        Assert.Contains("example@1 learned x0, x1", output, StringComparison.Ordinal);
        Assert.Contains("mean log-density of 100000 samples: -", output, StringComparison.Ordinal);
        using var missing = RealProcess.Start(RealProcess.Program("FlowGrain.Client.Example", "FlowGrain.Client.Example.dll"), [$"{silo.Url}", "nobody"]);
        (code, _, errors) = await missing.End();
        Assert.Equal(1, code);
        Assert.StartsWith("No such model: ", errors, StringComparison.Ordinal);
    }

    private static async Task<int> Version(IFlowGrainClient client, string name) => (await client.Model(name).Score(new double[] { 0.5, 0.25 }, cancellation: Cancellation)).Version;

    /// <summary>A silo, a client over HTTP and one over Orleans.</summary>
    public sealed class TwoWays : IAsyncLifetime
    {
        private readonly RegistrySilo _silo = new();
        private readonly List<IHost> _hosts = [];

        internal IFlowGrainClient Http { get; private set; } = null!;

        internal IFlowGrainClient Orleans { get; private set; } = null!;

        internal string Root => _silo.Root;

        internal Uri Url => _silo.Url;

        internal HttpCluster Cluster => _silo.Cluster;

        /// <summary>A client that knows no library of ours.</summary>
        internal HttpClient Raw => _silo.Http;

        internal string Publish(string name, int versions) => _silo.Publish(name, versions);

        public async ValueTask InitializeAsync()
        {
            await _silo.InitializeAsync();
            Http = await Started(builder => builder.Services.AddFlowGrainClient(options => options.Url = _silo.Url));
            Orleans = await Started(builder => OverOrleans(builder, _silo.Gateway));
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var host in _hosts)
            {
                await host.StopAsync();
                host.Dispose();
            }

            await _silo.DisposeAsync();
        }

        /// <summary>As docs/client.md shows it.</summary>
        private static void OverOrleans(HostApplicationBuilder builder, int gatewayPort)
        {
            builder.UseOrleansClient(client => client.UseLocalhostClustering(gatewayPort, serviceId: "flowgrain", clusterId: "flowgrain"));
            builder.Services.AddFlowGrainClient();
        }

        private async Task<IFlowGrainClient> Started(Action<HostApplicationBuilder> configure)
        {
            var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
            configure(builder);
            var host = builder.Build();
            _hosts.Add(host);
            await host.StartAsync();
            return host.Services.GetRequiredService<IFlowGrainClient>();
        }
    }
}
