using System.Globalization;
using System.Net.Http.Json;

namespace FlowGrain.Bench.Serving;

/// <summary>The alias that is moved from version to version, and what it may name meanwhile.</summary>
internal sealed class Champion(Uri silo, string model)
{
    private volatile State _state = new(Now: 0, Next: 0);

    /// <summary>Moves made so far.</summary>
    internal int Moves { get; private set; }

    /// <summary>What it names now, and where it is being moved to.</summary>
    internal State Seen => _state;

    /// <summary>Has it name a version; from when this returns it names no other.</summary>
    internal async Task Point(HttpClient http, int version)
    {
        _state = _state with { Next = version };
        using var answer = await http.PutAsJsonAsync(new Uri(silo, $"/api/v1/models/{model}/aliases/champion"), new { version = version.ToString(CultureInfo.InvariantCulture) });
        answer.EnsureSuccessStatusCode();
        _state = new(version, Next: 0);
        Moves++;
    }

    /// <summary>At an instant.</summary>
    /// <param name="Now">What it names, or named before a move that is under way.</param>
    /// <param name="Next">Where it is being moved to; 0 for nowhere.</param>
    internal sealed record State(int Now, int Next);
}
