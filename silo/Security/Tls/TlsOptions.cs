namespace FlowGrain.Silo.Security.Tls;

/// <summary>How the API shows who it is. Bound from the <c>Http:Tls</c> section; the files are followed when they are renewed.</summary>
public sealed record HttpTlsOptions
{
    /// <summary>PEM file with the certificate, and after it those between it and a CA that clients know. Default none.</summary>
    public string? Certificate { get; init; }

    /// <summary>PEM file with its private key. Default none.</summary>
    public string? Key { get; init; }

    /// <summary>PEM file with the CA whose certificates clients must show. Default none: they need not show any.</summary>
    public string? ClientCa { get; init; }

    /// <summary>Whether any of it is set.</summary>
    internal bool IsSet => this != new HttpTlsOptions();

    /// <summary>What the files are for.</summary>
    internal TlsFiles Files => new("Http:Tls", Certificate, Key, nameof(ClientCa), ClientCa);
}

/// <summary>How silos show each other that they belong together. Bound from the <c>Silo:Tls</c> section; the files are followed when they are renewed.</summary>
public sealed record SiloTlsOptions
{
    /// <summary>PEM file with the certificate of this silo, and after it those between it and the CA. Default none: silos talk in plain text.</summary>
    public string? Certificate { get; init; }

    /// <summary>PEM file with its private key. Default none.</summary>
    public string? Key { get; init; }

    /// <summary>PEM file with the CA of the cluster: who has a certificate of it may join. Default none.</summary>
    public string? Ca { get; init; }

    /// <summary>Whether any of it is set.</summary>
    internal bool IsSet => this != new SiloTlsOptions();

    /// <summary>What the files are for.</summary>
    internal TlsFiles Files => new("Silo:Tls", Certificate, Key, nameof(Ca), Ca, IsOfCa: true);
}
