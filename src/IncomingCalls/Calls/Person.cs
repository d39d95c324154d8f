using System.Text.Json.Serialization;

namespace IncomingCalls;

/// <summary>
/// A person who calls, as far as the gateway identifies one: who the same person is for all instances of an account. Two persons of different accounts are never equal. Its
/// <see cref="ToString"/> contains no phone number.
/// </summary>
/// <remarks>
/// A linked id belongs to one instance, and a call can show it where another call of the same person shows the phone number: these are two persons here.
/// </remarks>
public sealed record Person
{
    /// <summary>The account of the instance that was called, see <see cref="CallInstance.Account"/>; null when the instance has none.</summary>
    public string? Account { get; init; }

    /// <summary>The instance, when <see cref="Id"/> is valid within it only, or when it has no account; otherwise null.</summary>
    public long? IdInstance { get; init; }

    /// <summary>The chat with the person.</summary>
    public required ChatId ChatId { get; init; }

    /// <summary>The phone number in E.164 form, such as <c>+70000000101</c>, or else the id of the account in the messenger, such as <c>100000000000001@lid</c>.</summary>
    [JsonIgnore]
    public string Id => ChatId.PhoneNumber ?? ChatId.Value;

    /// <summary>Gets the person that a chat is with.</summary>
    /// <param name="chatId">The chat; null for an anonymous caller.</param>
    /// <param name="idInstance">The instance that was called.</param>
    /// <param name="account">The account of the instance; null when it has none.</param>
    /// <returns>The person; null for an anonymous caller and for a group.</returns>
    public static Person? Of(ChatId? chatId, long idInstance, string? account)
    {
        if (chatId is not { Value.Length: > 0, Kind: not ChatIdKind.Group } chat)
        {
            return null;
        }

        var isOfInstance = chat.Kind is ChatIdKind.Lid or ChatIdKind.Unknown || string.IsNullOrEmpty(account);
        return new() { Account = string.IsNullOrEmpty(account) ? null : account, IdInstance = isOfInstance ? idInstance : null, ChatId = chat };
    }

    /// <summary>Compares the account, the instance and the id.</summary>
    /// <param name="other">The other person.</param>
    /// <returns>true if both are the same person; otherwise, false.</returns>
    public bool Equals(Person? other) => other is not null && Account == other.Account && IdInstance == other.IdInstance && Id == other.Id;

    /// <summary>Returns the hash code of the account, the instance and the id.</summary>
    /// <returns>The hash code.</returns>
    public override int GetHashCode() => HashCode.Combine(Account, IdInstance, Id);

    /// <summary>Returns the masked chat id.</summary>
    /// <returns>A text that is safe for logs.</returns>
    public override string ToString() => ChatId.ToString();
}
