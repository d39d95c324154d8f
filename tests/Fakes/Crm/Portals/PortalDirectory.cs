using System.Collections.Concurrent;
using IncomingCalls.Fakes.Crm.Access;
using IncomingCalls.Fakes.Crm.Records;

namespace IncomingCalls.Fakes.Crm.Portals;

/// <summary>The portals of a server, and what they share.</summary>
internal sealed class PortalDirectory(CrmServerOptions options)
{
    private readonly ConcurrentDictionary<string, CrmPortal> _portals = new(StringComparer.Ordinal);

    public TimeProvider Time { get; } = options.TimeProvider;

    public IssuedTokens Issued { get; } = new();

    public PhoneNumbers PhoneNumbers { get; } = new();

    public RequestLog Log { get; } = new(options.TimeProvider);

    public IReadOnlyList<CrmPortal> All => [.. _portals.Values.OrderBy(portal => portal.Name, StringComparer.Ordinal)];

    public CrmPortal? Find(string name) => _portals.GetValueOrDefault(name);

    public CrmPortal Add(string name, CrmPortalOptions portalOptions)
    {
        var portal = new CrmPortal(name, portalOptions, options, PhoneNumbers, Issued, Log);
        return _portals.TryAdd(name, portal) ? portal : throw new ArgumentException($"The server already has a portal {name}.", nameof(name));
    }
}
