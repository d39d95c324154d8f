namespace IncomingCalls.Testing.Tests.Conformance;

public class InlineInboxConformanceTests
{
    public static TheoryData<string> Cases => [.. InboxConformance.Cases.Where(promise => !promise.IsForDurable).Select(promise => promise.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Promise_InlineInbox_IsKept(string name) =>
        InboxConformance.Cases.Single(promise => promise.Name == name).RunAsync(new InlineInboxUnderTest());
}
