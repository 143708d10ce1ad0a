using System.Collections.Immutable;

namespace FlowGrain.Cluster;

/// <summary>What the keys of <c>--set</c> are, in a phrase each, for those who have not read the papers.</summary>
internal static class SettingMeanings
{
    /// <summary>By key.</summary>
    internal static ImmutableSortedDictionary<string, string> All { get; } = new Dictionary<string, string>
    {
        ["transforms"] = "layers of the flow, one after the other; each bends the density further and costs as much again",
        ["hidden"] = "units of a hidden layer in the network of every transform",
        ["blocks"] = "residual blocks in the network of every transform, two hidden layers each",
        ["layers"] = "hidden layers in the network of every transform",
        ["bins"] = "pieces of every spline; more of them draw sharper edges",
        ["units"] = "sigmoids of every mixture; more of them draw finer shapes",
        ["directions"] = "directions that every layer bends along, at most the columns",
        ["tail_bound"] = "deviations from a column's mean up to which the splines reach; beyond, they are straight lines",
        ["octaves"] = "waves of every input that the network of every transform sees beside it, each half as long as the one before; with 6 it follows details a sixteenth as long as a deviation; 0: none",
        ["tolerance"] = "error that the solver of a continuous flow allows a step; smaller is more exact and slower",
        ["likelihood"] = "1: a continuous flow is trained by maximum likelihood, through its solver, which takes far longer; 0: by flow matching",
        ["dequantise"] = "bins of a spline that learns where in their steps whole numbers are best spread, 2 or more (variational dequantisation); 0: evenly",
        ["weight_decay"] = "how strongly a step pulls the weights towards 0, as a share of the learning rate (AdamW); smooths a density of few rows",
        ["clip_norm"] = "length to which a longer gradient is cut, mean over the rows of a step; holds a run that jumps",
        ["average_decay"] = "how slowly the average of the weights, which is what validates and is published, follows them; 0 publishes the weights themselves",
        ["warmup"] = "steps in which the learning rate rises to its peak, half of a short run at most",
        ["noise"] = "Gaussian noise on the learned columns of the training rows, in deviations of a column; smooths values that repeat, whole numbers for instance",
        ["noise_share"] = "makes the noise of a row this share of the distance to its nearest neighbour, and 'noise' the most; dense places stay sharp, sparse ones are filled; 0: 'noise' for all rows",
        ["outer_rate"] = "length of the outer step towards the workers' average; with --mode diloco alone",
        ["outer_momentum"] = "how much of the outer steps before a new one keeps; with --mode diloco alone",
        ["average_moments"] = "1: workers average the moments of their optimizers with the weights; 0: each keeps its own; with --mode local or diloco",
    }.ToImmutableSortedDictionary();

    /// <summary>The phrase for a key; empty for one that nobody has explained yet.</summary>
    internal static string Of(string key) => All.GetValueOrDefault(key, "");
}
