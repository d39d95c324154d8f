using System.Data.Common;
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

    [Fact]
    public void Create_WrappedDatabaseError_NamesTheCauseAndItsSqlState() =>
        ErrorText.Create(new InvalidOperationException(
            "An error occurred while saving the entity changes. See the inner exception for details.",
            new DatabaseException("22021: invalid byte sequence for encoding \"UTF8\": 0x00")))
        .Should().Be(
            "InvalidOperationException: An error occurred while saving the entity changes. See the inner exception for details."
            + " Caused by DatabaseException (SQLSTATE 22021): invalid byte sequence for encoding \"UTF8\": 0x00");

    [Fact]
    public void Create_DatabaseError_MasksTheNumbersOfItsMessage() =>
        ErrorText.Create(new DatabaseException("23505: the key 23505 of 70000000101 exists"))
            .Should().Be("DatabaseException (SQLSTATE 23505): the key ••• of ••• exists");

    [Fact]
    public void Create_EndlessChain_IsLimited()
    {
        var exception = new InvalidOperationException("depth 0");
        for (var depth = 1; depth < 100; depth++)
        {
            exception = new InvalidOperationException($"depth {depth}", exception);
        }

        ErrorText.Create(exception).Should().Be(string.Join(" Caused by ", Enumerable.Range(0, 4).Select(depth => $"InvalidOperationException: depth {99 - depth}")));
    }

    private sealed class DatabaseException(string message) : DbException(message);
}
