using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Testing.Tests.Conformance;

public class InMemoryInboxConformanceTests
{
    public static TheoryData<string> Cases => [.. InboxConformance.Cases.Where(promise => !promise.IsForDurable).Select(promise => promise.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Case_InMemoryInbox_Passes(string name) =>
        InboxConformance.Cases.Single(promise => promise.Name == name).RunAsync(new InMemoryInboxUnderTest());
}

internal sealed class InMemoryInboxUnderTest : InboxUnderTest
{
    /// <summary>The in-memory inbox is the default and needs no registration.</summary>
    public override void Register(IIncomingCallsBuilder builder)
    {
    }
}
