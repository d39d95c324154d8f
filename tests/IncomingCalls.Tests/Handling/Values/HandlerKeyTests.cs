namespace IncomingCalls.Tests.Handling.Values;

public class HandlerKeyTests
{
    private static readonly Call Call = new() { Key = new(1101000001, "A") };

    /// <summary>512 bytes as UTF-8.</summary>
    private static readonly string Longest = new('я', 256);

    [Fact]
    public void Create_LongestTexts_Succeeds() =>
        (HandlerKey.Call(Call, Longest).Name, HandlerKey.Named(Longest).Subject).Should().Be((Longest, Longest));

    [Fact]
    public void Call_WithoutAName_DiffersFromOneWithAName() => HandlerKey.Call(Call).Should().NotBe(HandlerKey.Call(Call, "task")).And.Be(HandlerKey.Call(Call with { Version = 2 }));

    [Theory]
    [InlineData('я', "longer than 512 bytes")]
    [InlineData('\0', "U+0000")]
    [InlineData('\uD83D', "half of a surrogate pair")]
    public void Create_TextThatCannotBeStored_SaysWhatToDo(char end, string reason)
    {
        var text = Longest[(reason.Contains("512") ? 0 : 1)..] + end;

        foreach (var create in (Func<HandlerKey>[])[() => HandlerKey.Named(text), () => HandlerKey.Call(Call, text), () => HandlerKey.Person(CreatePerson("acme"), text), () => HandlerKey.Person(CreatePerson(text))])
        {
            create.Should().Throw<ArgumentException>().Which.Message.Should().Contain(reason);
        }
    }

    [Fact]
    public void Named_Empty_Throws() => FluentActions.Invoking(() => HandlerKey.Named("")).Should().Throw<ArgumentException>();

    [Fact]
    public void ToString_NamedKey_ContainsNoText() => HandlerKey.Named("70000000101").ToString().Should().Be("a named key");

    private static Person CreatePerson(string account) => Person.Of(ChatId.Parse("70000000101@c.us"), 1101000001, account)!;
}
