namespace IncomingCalls;

/// <summary>What a <see cref="ChatId"/> identifies, judged by its form alone.</summary>
public enum ChatIdKind
{
    /// <summary>A form that this version does not know, or no id at all.</summary>
    Unknown = 0,

    /// <summary>A WhatsApp account by its phone number, such as <c>70000000101@c.us</c>.</summary>
    Phone,

    /// <summary>A WhatsApp account by its linked id, such as <c>100000000000001@lid</c>. Its digits are not a phone number.</summary>
    Lid,

    /// <summary>A group: <c>…@g.us</c>, or a negative number in MAX and Telegram.</summary>
    Group,

    /// <summary>A MAX or Telegram account: a decimal number without suffix. Its digits are not a phone number.</summary>
    Account,
}
