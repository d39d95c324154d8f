using IncomingCalls.Handling.Values;

namespace IncomingCalls;

/// <summary>
/// A key of <see cref="ICallHandlerStore"/>. It says whose data the value is, so that the values of a person can be erased. Its <see cref="ToString"/> contains no phone number.
/// </summary>
public sealed record HandlerKey
{
    /// <summary>The maximum length of each text of a key, in bytes as UTF-8.</summary>
    public const int MaxTextBytes = 512;

    private HandlerKey(HandlerKeyKind kind, string? account, long? idInstance, string subject, string name) =>
        (Kind, Account, IdInstance, Subject, Name) = (kind, account, idInstance, subject, name);

    /// <summary>What the value belongs to.</summary>
    public HandlerKeyKind Kind { get; }

    /// <summary>The <see cref="Person.Account"/> of a person; otherwise null.</summary>
    public string? Account { get; }

    /// <summary>The <see cref="CallKey.IdInstance"/> of a call, or the <see cref="Person.IdInstance"/> of a person; otherwise null.</summary>
    public long? IdInstance { get; }

    /// <summary>The <see cref="CallKey.IdMessage"/> of a call, the <see cref="Person.Id"/> of a person, or the text of a named key.</summary>
    public string Subject { get; }

    /// <summary>The name that distinguishes several values of a call or a person; empty for none.</summary>
    public string Name { get; }

    /// <summary>Creates the key of a value of a call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="name">The name that distinguishes several values of the call; null for none. At most <see cref="MaxTextBytes"/> bytes.</param>
    /// <returns>The key.</returns>
    /// <exception cref="ArgumentException">The name is too long or malformed.</exception>
    public static HandlerKey Call(Call call, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(call);
        return new(HandlerKeyKind.Call, account: null, call.Key.IdInstance, call.Key.IdMessage, RequireName(name));
    }

    /// <summary>Creates the key of a value of a person.</summary>
    /// <param name="person">The person, such as <see cref="CallEvent.Person"/>.</param>
    /// <param name="name">The name that distinguishes several values of the person; null for none. At most <see cref="MaxTextBytes"/> bytes.</param>
    /// <returns>The key.</returns>
    /// <exception cref="ArgumentException">The name, or the account or id of the person, is too long or malformed.</exception>
    public static HandlerKey Person(Person person, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(person);
        StorableText.Require(person.Account ?? "", MaxTextBytes, "account of the person", nameof(person));
        StorableText.Require(person.Id, MaxTextBytes, "id of the person", nameof(person));
        return new(HandlerKeyKind.Person, person.Account, person.IdInstance, person.Id, RequireName(name));
    }

    /// <summary>Creates the key of a value that belongs neither to a call nor to a person. Do not use it for data of persons, which is not found when it must be erased.</summary>
    /// <param name="text">The key, not empty. At most <see cref="MaxTextBytes"/> bytes.</param>
    /// <returns>The key.</returns>
    /// <exception cref="ArgumentException">The text is empty, too long or malformed.</exception>
    public static HandlerKey Named(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        StorableText.Require(text, MaxTextBytes, "key", nameof(text));
        return new(HandlerKeyKind.Named, account: null, idInstance: null, text, name: "");
    }

    /// <summary>Returns the kind of the key, and the call of the key of a call.</summary>
    /// <returns>A text that is safe for logs.</returns>
    public override string ToString() => Kind == HandlerKeyKind.Call ? $"a key of the call {IdInstance}/{Subject}" : Kind == HandlerKeyKind.Person ? "a key of a person" : "a named key";

    private static string RequireName(string? name)
    {
        StorableText.Require(name ?? "", MaxTextBytes, "name", nameof(name));
        return name ?? "";
    }
}

/// <summary>What a value of a handler belongs to. The numbers are stored.</summary>
public enum HandlerKeyKind
{
    /// <summary>A call.</summary>
    Call = 0,

    /// <summary>A person.</summary>
    Person = 1,

    /// <summary>Neither: a key that the handler has chosen.</summary>
    Named = 2,
}
