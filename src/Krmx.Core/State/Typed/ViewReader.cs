using System.Text.Json.Serialization.Metadata;

namespace Krmx.State;

/// <summary>Reads the trees of a view one after the other; what has not changed from one to the next is the same object.</summary>
/// <param name="type">The view's type.</param>
/// <param name="shape">Its shape.</param>
/// <param name="parts">What reads parts alone; null where each tree is to be read as a whole.</param>
internal sealed class ViewReader<TView>(JsonTypeInfo<TView> type, TypeShape shape, PartReading? parts)
{
    private readonly TreeMaker _maker = new();
    private PartReading? _parts = parts;
    private JsonTree? _tree;
    private TView? _view; // what was read of it; null where its parts may not be taken

    /// <summary>Reads a tree.</summary>
    /// <exception cref="Exception">What the serializer, a converter or a constructor threw.</exception>
    public TView? Read(JsonTree tree)
    {
        bool isFirst = _view is null;
        TView? view = default;
        bool isKnown = !isFirst && TryReadParts(tree, out view);
        if (!isKnown)
        {
            view = tree.To(type); // says what is wrong with the tree, if anything is
            isKnown = isFirst && _parts is not null && Gives(view, tree);

            // Otherwise there are rules in the types that are not understood here; of null nobody knows.
            if (!isKnown && view is not null)
                _parts = null;
        }
        _view = isKnown ? view : default;
        _tree = tree;
        return view;
    }

    /// <summary>Forgets what was read.</summary>
    public void Forget()
    {
        _tree = null;
        _view = default;
    }

    private bool TryReadParts(JsonTree tree, out TView? view)
    {
        view = default;
        try
        {
            view = _parts!.Read<TView>(tree, _view!, _tree!);
            return Gives(view, tree);
        }
        catch (Exception)
        {
            return false;
        }
    }

    /// <summary>
    /// Whether what a view is made of is what was read: types may drop members, sort items, or give something else altogether, and then nobody knows which part is
    /// whose. Costs what has changed.
    /// </summary>
    private bool Gives(TView? view, JsonTree tree)
    {
        if (view is null)
            return false;
        try
        {
            return _maker.Make(view, shape, _view, _tree).Equals(tree);
        }
        catch (Exception)
        {
            return false; // a getter threw, or the view is too deep to be written
        }
        finally
        {
            _maker.Clear();
        }
    }
}
