using FlowGrain.Bench;

// Benchmarks, run by hand: dotnet run -c Release --project bench -- NAME [options]. Figures go to docs/benchmarks.md.
return args switch
{
    ["splits", .. var rest] => Splits.Run(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("Name a benchmark: splits FILE.");
    return 2;
}
