namespace IncomingCalls.Tests.Calls;

public class PersonTests
{
    private const string Phone = "70000000101@c.us";
    private const string LinkedId = "100000000000001@lid";
    private const string Telegram = "10000001";

    [Theory]
    [InlineData(Phone, "acme", null, "+70000000101")]
    [InlineData(Phone, null, 1101000001L, "+70000000101")]
    [InlineData(Phone, "", 1101000001L, "+70000000101")]
    [InlineData(LinkedId, "acme", 1101000001L, LinkedId)]
    [InlineData(LinkedId, null, 1101000001L, LinkedId)]
    [InlineData(Telegram, "acme", null, Telegram)]
    [InlineData(Telegram, null, 1101000001L, Telegram)]
    public void Of_ChatId_HasTheInstanceOnlyWhereTheIdIsValidWithinIt(string chatId, string? account, long? idInstance, string id)
    {
        var person = Person.Of(ChatId.Parse(chatId), 1101000001, account)!;

        (person.Account, person.IdInstance, person.Id).Should().Be((account is "" ? null : account, idInstance, id));
    }

    [Theory]
    [InlineData(Phone, "acme", true)]
    [InlineData(Phone, null, false)]
    [InlineData(LinkedId, "acme", false)]
    public void Equals_SameIdOnTwoInstances_IsThatOfTheAccount(string chatId, string? account, bool areSame)
    {
        var first = Person.Of(ChatId.Parse(chatId), 1101000001, account)!;
        var second = Person.Of(ChatId.Parse(chatId), 1101000002, account)!;

        (first == second, HandlerKey.Person(first) == HandlerKey.Person(second)).Should().Be((areSame, areSame));
        first.GetHashCode().Equals(second.GetHashCode()).Should().Be(areSame);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("120363000000000001@g.us")]
    public void Of_NobodyOrAGroup_IsNull(string? chatId) => Person.Of(chatId is null ? null : ChatId.Parse(chatId), 1101000001, "acme").Should().BeNull();

    [Fact]
    public void ToString_PhoneNumber_IsMasked() =>
        $"{Person.Of(ChatId.Parse(Phone), 1101000001, "acme")} {HandlerKey.Person(Person.Of(ChatId.Parse(Phone), 1101000001, "acme")!)}".Should().NotContain("7000000");

    [Fact]
    public void CallEvent_PersonIsNotSet_IsThatOfTheCallerWithoutAnAccount()
    {
        var callEvent = new CallEvent
        {
            Id = "A",
            Kind = CallEventKind.Missed,
            Call = new() { Key = new(1101000001, "A"), Caller = new() { ChatId = ChatId.Parse(Phone) } },
            OccurredAt = default,
            ReceivedAt = default,
        };

        callEvent.Person.Should().Be(Person.Of(ChatId.Parse(Phone), 1101000001, account: null));
    }
}
