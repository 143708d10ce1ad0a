namespace FlowGrain.Client;

/// <summary>How a cluster is reached. Bound from the <c>FlowGrain</c> section, then set in code.</summary>
public sealed class FlowGrainClientOptions
{
    /// <summary>The section.</summary>
    public const string Section = "FlowGrain";

    /// <summary>The name of the <see cref="HttpClient"/> that is used, for whoever adds handlers to it with <c>services.AddHttpClient(…)</c>.</summary>
    public const string HttpClientName = "FlowGrain";

    /// <summary>Address of a silo, or of what stands before several, such as https://flowgrain.example. Default none: the grains are asked through the host's Orleans client.</summary>
    public Uri? Url { get; set; }

    /// <summary>The key or token that is shown over HTTP; a viewer's is enough. Default none.</summary>
    public string? ApiKey { get; set; }

    /// <summary>How long a call may take with all of its repetitions, while no silo answers or the model is busy. Default two minutes.</summary>
    public TimeSpan Patience { get; set; } = Persistence.Usual;

    /// <summary>How many blocks of a stream are on their way at the same time. Default 4.</summary>
    public int Concurrency { get; set; } = 4;

    /// <summary>Most rows of one call, and the rows of a block of samples; fewer where they would weigh more than 1 MiB. Default 16,384.</summary>
    public int CallRows { get; set; } = CallSize.MostRows;
}
