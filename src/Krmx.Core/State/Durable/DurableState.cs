using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Krmx.Rooms;

namespace Krmx.State;

/// <summary>A state that a durable room keeps: as JSON, and then by what changes of it, which costs what has changed and not what the state is.</summary>
/// <typeparam name="T">The state: immutable, and what the serializer writes of it, it reads.</typeparam>
internal sealed class DurableState<T>
{
    private static readonly JsonDeltaOptions Comparison = new() { OmitsOldValues = true };

    private readonly TreeMaker _maker = new();
    private readonly JsonTypeInfo<T> _type;
    private readonly TypeShape _shape;
    private readonly string _name;
    private readonly KrmxUpgrade? _upgrade;
    private T _state;
    private JsonTree _tree;
    private JsonTree? _written; // null where it is to be written as a whole

    /// <summary>Makes what keeps a state, from what was written down of it.</summary>
    /// <param name="name">The name of the part that it is of the room, which errors call it as well.</param>
    /// <param name="json">How it becomes JSON.</param>
    /// <param name="changes">What was written down; null where it is new.</param>
    /// <param name="initial">What it is where it is new.</param>
    /// <param name="upgrade">What makes it of this version; null where there was no other.</param>
    /// <exception cref="KrmxException">What was written down is no such state; or what is to be written would not come back as it is.</exception>
    public DurableState(string name, JsonSerializerOptions json, IReadOnlyList<ReadOnlyMemory<byte>>? changes, Func<T> initial, KrmxUpgrade? upgrade)
    {
        if (upgrade is { Version: < 2 })
            throw new ArgumentException($"The {name} has an upgrade to version {upgrade.Version}: the first one is to version 2.", nameof(upgrade));
        _name = name;
        _type = KrmxJson.TypeInfo<T>(json);
        _shape = new ShapeReader(_type.Options).ShapeOf(typeof(T));
        _upgrade = upgrade;
        (_state, _tree) = changes is null ? Begin(initial()) : Restore(changes);
    }

    /// <summary>The state.</summary>
    public T State => _state;

    private int Version => _upgrade?.Version ?? 1;

    /// <summary>Sets the state. What throws does so before anything has changed.</summary>
    /// <returns>Whether it is another one.</returns>
    /// <exception cref="JsonException">The state cannot be written as JSON.</exception>
    public bool Set(T state)
    {
        JsonTree tree = Make(state, _state, _tree);
        bool hasChanged = !ReferenceEquals(tree, _tree);
        (_state, _tree) = (state, tree);
        return hasChanged;
    }

    /// <summary>Writes what has changed since the last time.</summary>
    public void WriteChanges(RoomRecorder recorder)
    {
        if (_written is null)
            WriteWhole(recorder);
        else if (JsonDelta.Diff(_written, _tree, Comparison) is JsonTree delta)
            recorder.Part(_name, writer => StateChange.WriteDelta(writer, delta));
        _written = _tree;
    }

    /// <summary>Writes all of it.</summary>
    public void WriteWhole(RoomRecorder recorder) => recorder.Part(_name, writer => StateChange.WriteWhole(writer, Version, _tree));

    private JsonTree Make(T state, T? before, JsonTree? beforeTree)
    {
        try
        {
            return _maker.Make(state, _shape, before, beforeTree);
        }
        finally
        {
            _maker.Clear();
        }
    }

    private (T State, JsonTree Tree) Begin(T initial)
    {
        JsonTree tree;
        JsonTree? again;
        try
        {
            tree = Make(initial, default, null);
            T? copy = tree.To(_type);
            again = Make(copy!, default, null);
        }
        catch (Exception error) when (error is JsonException or NotSupportedException or InvalidOperationException)
        {
            throw new KrmxException(
                $"cannot keep the {_name} in a durable room: its {typeof(T).Name} cannot be written as JSON and read again ({error.Message}). Give it types that can", error);
        }
        return again.Equals(tree)
            ? (initial, tree)
            : throw new KrmxException(
                $"cannot keep the {_name} in a durable room: its {typeof(T).Name} does not come back from JSON as it was written: {Shorten(tree)} became {Shorten(again)}. " +
                "Give its types constructors or members that can be set for what they hold");
    }

    private (T State, JsonTree Tree) Restore(IReadOnlyList<ReadOnlyMemory<byte>> changes)
    {
        int version = 0;
        try
        {
            JsonTree tree = JsonTree.Null;
            foreach (ReadOnlyMemory<byte> json in changes)
            {
                JsonTree change = JsonTree.Parse(json.Span, JsonTree.MaxDepth);
                tree = StateChange.Apply(tree, change);
                if (!StateChange.IsDelta(change))
                    version = StateChange.VersionOf(change);
            }
            if (version > Version)
                throw new KrmxException($"a newer version of the application stored it, with version {version} of its type, and this one has {Version}");
            JsonTree current = version < Version ? Upgrade(tree, version) : tree;
            T state = current.To(_type)!;
            JsonTree made = Make(state, default, null);
            if (made.Equals(tree))
                _written = made; // what follows is compared with what was written
            return (state, made);
        }
        catch (Exception error)
        {
            throw new KrmxException(
                $"cannot read the {_name} as a {typeof(T).Name}{(version > 0 && version != Version ? $", from version {version}" : "")}: {error.Message}. Nothing that is stored was touched",
                error);
        }
    }

    private JsonTree Upgrade(JsonTree tree, int version)
    {
        JsonNode? upgraded = _upgrade!.Apply(JsonNode.Parse(tree.ToUtf8()), version);
        return upgraded is null ? JsonTree.Null : JsonTree.Parse(System.Text.Encoding.UTF8.GetBytes(upgraded.ToJsonString()), JsonTree.MaxDepth);
    }

    private static string Shorten(JsonTree tree)
    {
        string text = tree.ToString();
        return text.Length <= 100 ? text : $"{text[..100]}…";
    }
}
