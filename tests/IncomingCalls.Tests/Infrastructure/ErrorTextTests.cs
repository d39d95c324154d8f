using IncomingCalls.Infrastructure;

namespace IncomingCalls.Tests.Infrastructure;

public class ErrorTextTests
{
    [Theory]
    [InlineData("Customer 70000000101@c.us is unknown.", "Customer •••@c.us is unknown.")]
    [InlineData("Call +7 (000) 000-01-01 back.", "Call ••• back.")]
    [InlineData("Account 10012345 of MAX", "Account ••• of MAX")]
    [InlineData("HTTP 500 after 3 tries in 1200 ms", "HTTP 500 after 3 tries in 1200 ms")]
    [InlineData("token d75b3a66374942c5b3c019c698abc2067e151558acbd412345 refused", "token ••• refused")]
    public void Create_Message_MasksNumbersAndTokensOnly(string message, string expected) =>
        ErrorText.Create(new InvalidOperationException(message)).Should().Be($"InvalidOperationException: {expected}");

    [Fact]
    public void Create_LongMessage_IsTruncated() =>
        ErrorText.Create(new InvalidOperationException(string.Concat(Enumerable.Repeat("no ", 1_000_000)))).Should().HaveLength(501).And.EndWith("…");
}
