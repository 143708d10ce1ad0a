using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace FlowGrain.Silo.Security;

/// <summary>Who sent a request, as the silo knows it.</summary>
/// <param name="Name">What the audit log calls it, such as <c>key ada</c>, <c>token ada@example.org</c> or <c>anonymous 10.0.0.7</c>.</param>
/// <param name="Budget">With whom it shares a rate limit.</param>
/// <param name="Role">What it may do; null where that is nothing.</param>
internal sealed record Caller(string Name, string Budget, ApiRole? Role)
{
    private const int Budgets = 1 << 16; // of those without a key: addresses are many, and memory is not

    /// <summary>Why it may do nothing.</summary>
    internal Refusal? Refusal { get; init; }

    /// <summary>What a sentence about it begins with.</summary>
    internal string Subject { get; private init; } = $"The {Name}";

    /// <summary>The key that it showed; null where it showed none.</summary>
    internal ApiKey? Key { get; init; }

    /// <summary>The holder of a key.</summary>
    internal static Caller Of(ApiKey key) => new($"key {key.Name}", $"key {key.Name}", key.Role) { Key = key };

    /// <summary>Who a token speaks of.</summary>
    internal static Caller Of(string subject, ApiRole? role) => new($"token {subject}", Shared(subject), role);

    /// <summary>The holder of a certificate, where certificates alone let in.</summary>
    internal static Caller Of(X509Certificate2 certificate) => new($"certificate {certificate.Subject}", Shared(certificate.Subject), ApiRole.Operator);

    /// <summary>Somebody at an address.</summary>
    internal static Caller At(IPAddress? address, ApiRole? role, Refusal? refusal = null) =>
        new($"anonymous {Text(address)}", Shared(Network(address)), role) { Refusal = refusal, Subject = $"Who comes from {Text(address)} without a key" };

    private static IPAddress? Text(IPAddress? address) => address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;

    private static string Shared(string name) => $"{(uint)name.GetHashCode(StringComparison.Ordinal) % Budgets}"; // another hash in every process: nobody can choose with whom he shares

    /// <summary>An IPv6 network has more addresses than can be counted: 64 bits of it are one.</summary>
    private static string Network(IPAddress? address) => address is { IsIPv4MappedToIPv6: false, AddressFamily: AddressFamily.InterNetworkV6 }
        ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8))
        : $"{address}";
}

/// <summary>Why a request is not let in.</summary>
/// <param name="Status">The status of the answer.</param>
/// <param name="Sentence">What its sender can do about it.</param>
internal sealed record Refusal(int Status, string Sentence);
