using System.Net.Http.Headers;

namespace FlowGrain.Client;

/// <summary>How the HTTP API of a silo is reached.</summary>
public static class ApiConnection
{
    private static readonly TimeSpan Connecting = TimeSpan.FromSeconds(10);

    /// <summary>A client of the API.</summary>
    /// <param name="silo">The silo's address, such as http://127.0.0.1:8080.</param>
    /// <param name="key">The key to show; null for none.</param>
    public static HttpClient Open(Uri silo, string? key) => Configure(new HttpClient(Handler(silo)), silo, key);

    /// <summary>What talks to a silo.</summary>
    internal static SocketsHttpHandler Handler(Uri silo) => new()
    {
        ConnectTimeout = Connecting,
        AllowAutoRedirect = false, // the key is for this silo alone
        UseProxy = !silo.IsLoopback,
        UseCookies = false,
    };

    /// <summary>Has a client ask a silo.</summary>
    internal static HttpClient Configure(HttpClient http, Uri silo, string? key)
    {
        http.BaseAddress = new Uri(silo, $"{silo.AbsolutePath.TrimEnd('/')}/api/v1/");
        http.Timeout = Timeout.InfiniteTimeSpan; // each call has its own
        if (key is { Length: > 0 }) http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return http;
    }
}
