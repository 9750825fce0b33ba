namespace Krmx.Protocol;

/// <summary>The message types of the protocol (section 3).</summary>
internal static class MessageTypes
{
    public const string Link = "krmx/link";
    public const string Unlink = "krmx/unlink";
    public const string Leave = "krmx/leave";
    public const string Accepted = "krmx/accepted";
    public const string Rejected = "krmx/rejected";
    public const string Joined = "krmx/joined";
    public const string Linked = "krmx/linked";
    public const string Unlinked = "krmx/unlinked";
    public const string Left = "krmx/left";
    public const string Users = "krmx/users";
    public const string Changes = "krmx/changes";
    public const string Count = "krmx/count";
    public const string Ready = "krmx/ready";
    public const string Ack = "krmx/ack";
}
