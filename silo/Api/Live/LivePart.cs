namespace FlowGrain.Silo.Api.Live;

/// <summary>One part of what is going on, as JSON that many who follow it are sent.</summary>
/// <param name="Event">The name of its event.</param>
/// <param name="Json">How it is now.</param>
internal sealed record LivePart(string Event, string Json);
