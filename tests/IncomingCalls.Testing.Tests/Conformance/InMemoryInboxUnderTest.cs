using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Testing.Tests.Conformance;

internal sealed class InMemoryInboxUnderTest : InboxUnderTest
{
    /// <summary>The inline inbox is the one that is there without asking.</summary>
    public override void Register(IIncomingCallsBuilder builder)
    {
    }
}
