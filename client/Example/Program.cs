// Scores and samples a model of a cluster: dotnet run --project client/Example -- http://127.0.0.1:8080 diamonds
using FlowGrain;
using FlowGrain.Client;
using FlowGrain.Serving;
using Microsoft.Extensions.DependencyInjection;

if (args is not [var url, var name])
{
    Console.Error.WriteLine("Give the address of a silo and the name of a model, such as http://127.0.0.1:8080 diamonds.");
    return 2;
}

var services = new ServiceCollection();
services.AddFlowGrainClient(options =>
{
    options.Url = new Uri(url);
    options.ApiKey = Environment.GetEnvironmentVariable("FLOWGRAIN_API_KEY");
});
await using var provider = services.BuildServiceProvider();
var client = provider.GetRequiredService<IFlowGrainClient>();

using var end = new CancellationTokenSource();
Console.CancelKeyPress += (_, key) =>
{
    key.Cancel = true;
    end.Cancel();
};

try
{
    var model = client.Model(name);
    var known = await model.Describe(end.Token);
    Console.WriteLine($"{known.Name}@{known.Version} learned {string.Join(", ", known.Columns)}");

    var context = new double[known.Context.Length];
    for (var i = 0; i < context.Length; i++) context[i] = (known.ContextRanges[i].Low + known.ContextRanges[i].High) / 2;

    var drawn = await model.Sample(5, seed: 7, context, end.Token);
    for (var row = 0; row < drawn.Rows; row++) Console.WriteLine($"a sample: {string.Join(", ", drawn.Row(row).ToArray())}");

    var scores = await model.Score(WithContext(drawn), cancellation: end.Token);
    for (var row = 0; row < scores.LogDensity.Length; row++) Console.WriteLine($"its log-density: {scores.LogDensity[row]} nats");

    var blocks = model.SampleBlocks(100_000, seed: 7, context, end.Token).Select(WithContext);
    var (rows, sum) = (0L, 0.0);
    await foreach (var answer in model.ScoreBlocks(blocks, cancellation: end.Token))
    {
        rows += answer.LogDensity.Length;
        foreach (var density in answer.LogDensity) sum += density;
    }

    Console.WriteLine($"mean log-density of {rows} samples: {sum / rows} nats");
    return 0;

    // Rows to score have the context behind the modelled columns.
    ReadOnlyMemory<double> WithContext(Samples samples)
    {
        var table = new double[samples.Rows * (samples.Columns + context.Length)];
        for (var row = 0; row < samples.Rows; row++)
        {
            var target = table.AsSpan(row * (samples.Columns + context.Length));
            samples.Row(row).CopyTo(target);
            context.CopyTo(target[samples.Columns..]);
        }

        return table;
    }
}
catch (NotFoundException missing)
{
    Console.Error.WriteLine($"No such model: {missing.Message}");
}
catch (BadInputException fault)
{
    Console.Error.WriteLine($"Cannot be answered: {fault.Message}");
}
catch (OverloadedException busy)
{
    Console.Error.WriteLine($"Busy for two minutes: {busy.Message}");
}
catch (ClusterUnreachableException gone)
{
    Console.Error.WriteLine($"Nobody answers: {gone.Message}");
}

return 1;
